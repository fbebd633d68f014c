import Columnar
public import Profiles
public import Vocabulary

extension SegmentEngine {
    /// What computed traits come to for one person, as of a moment: those that have a value. Called on a thread for questions.
    ///
    /// - Parameter asOf: what happened at it or later has not happened.
    /// - Returns: nothing for people who object to analytics, for accounts and for who has no events.
    /// - Throws: what the consent ledger throws.
    public func values(of traits: [ComputedTrait], for profile: Profile, asOf: Timestamp) throws -> [ComputedValue] {
        guard !traits.isEmpty, let (row, view) = try state(of: profile) else { return [] }
        let place = Int(row) % RowSet.capacity
        var compiler = try question(at: Moment(asOf: asOf), in: view, segments: { _ in nil }).compiler
        var measured: [(ComputedTrait, [SlowEventPlan])] = []
        for trait in traits {
            // A zone that the machine forgot since the trait was saved leaves that trait without a value.
            guard let plans = try? compiler.counting(in: trait.zone, { compiler throws(SegmentError) in compiler.measurers(of: trait.measurement) }) else { continue }
            measured.append((trait, plans))
        }
        var only = RowSet()
        only.insert(place)
        let scope = PartScope(view.parts[Int(row) / RowSet.capacity], needs: compiler.needs, records: log, only: only)
        return measured.compactMap { trait, plans in
            guard let value = MeasurementPart(plans, scope).value(place) else { return nil }
            return ComputedValue(trait: trait, json: value.json(in: log, path: trait.measurement.parts.first?.measure.path ?? ""))
        }
    }

    /// A row that is alive in the view beside it; nil where the person may not be asked about or has no row.
    private func state(of profile: Profile) throws -> (Row, ColumnView)? {
        // A merge between the two looks leaves the row dead; the next look finds the one that went on.
        for _ in 0..<3 {
            guard let row = row(of: profile) else { return nil }
            let view = try view()
            let part = Int(row) / RowSet.capacity
            if part < view.parts.count, view.parts[part].alive.contains(Int(row) % RowSet.capacity) { return (row, view) }
        }
        return nil
    }
}

extension Question {
    func measurers(of measurement: Measurement) -> ([SlowEventPlan], Needs) {
        var compiler = compiler
        let plans = compiler.measurers(of: measurement)
        return (plans, compiler.needs)
    }
}

extension MeasuredValue {
    /// Lists show so many values.
    static let listMaximum = 1000

    /// - Parameters:
    ///   - records: where a list or object that was sent is read, which columns do not hold whole.
    ///   - path: of the property that was measured.
    func json(in records: any RecordSource, path: String) -> JSONText {
        if case .sent(let value, let position) = self, !value.isScalar, let json = records.json(at: position, Array(path.utf8)) { return json }
        var w = JSONWriter()
        switch self {
        case .fraction: w.raw((number ?? ExactNumber(0)).description.utf8)
        case .value(.array(let values)), .sent(.array(let values), _): w.array { w in for value in values.prefix(MeasuredValue.listMaximum) { value.write(to: &w) } }
        case .value(let value), .sent(let value, _): value.write(to: &w)
        }
        return w.text
    }
}

extension StoredValue {
    func write(to w: inout JSONWriter) {
        switch self {
        case .text(let bytes): w.string(utf8: bytes)
        case .boolean(let value): w.boolean(value)
        case .number(let number): w.raw(number.description.utf8)
        case .array(let values): w.array { w in for value in values { value.write(to: &w) } }
        case .object(let json): w.raw(json.bytes)
        }
    }
}
