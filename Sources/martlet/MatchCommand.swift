import ArgumentParser
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Ingest
import Matching
import Vocabulary

struct MatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Find the records of one person in a CSV file, without labels and without a server.",
        discussion: """
            martlet match people.csv --out clusters.csv --pairs pairs.csv
            Columns are recognised by their names and by what stands in them; --column tells otherwise: --column Contact=email --column Notes=ignored
            """)

    @Argument(help: "The CSV file with a header; packed by gzip or zstd, too. - reads standard input.") var file: String
    @Option(help: "Where to write each record's cluster, as CSV; - writes to standard output.") var out: String?
    @Option(help: "Where to write the pairs with their probability and its reasons, as CSV.") var pairs: String?
    @Option(help: "Merge pairs at least so likely to be one person, above 0 and below 1.") var merge = 0.6
    @Option(help: "List pairs at least so likely, above 0 and below 1.") var review = 0.4
    @Option(name: .customLong("column"), help: ArgumentHelp("What a column is, as NAME=ROLE.", valueName: "name=role")) var columns: [String] = []
    @Flag(help: "Print JSON, for scripts.") var json = false

    func validate() throws {
        guard merge > 0, merge < 1, review > 0, review < 1 else { throw ValidationError("--merge and --review are probabilities, above 0 and below 1.") }
    }

    func run() async {
        Process.prepare()
        do {
            let text = try DelimitedText(FileText.whole(MatchCommand.read(file), code: "match.not-utf8"))
            let schema = try schema(of: text)
            let clock = Stopwatch()
            let result = Matcher.match(text, as: schema, Matcher.Options(merge: merge, review: review)) { stage in
                if isatty(2) == 1 { Output.status("\(stage.rawValue) \(text.rowCount) records, \(oneDigit(clock.seconds)) s") }
            }
            if isatty(2) == 1 { Output.status("") }
            let names = RecordNames(text, schema)
            if let out { try MatchFile.write(out) { put in writeClusters(result, names, put) } }
            if let pairs { try MatchFile.write(pairs) { put in writePairs(result, names, put) } }
            report(text, schema, result, seconds: clock.seconds)
        } catch let error as Refusal {
            stop(error)
        } catch {
            stop(Refusal(500, "match.failed", "The file could not be matched."))
        }
    }

    private func schema(of text: DelimitedText) throws -> Schema {
        var schema = Schema(recognising: text)
        for wish in columns {
            let parts = wish.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count >= 2, let role = parts.last.flatMap({ ColumnRole(rawValue: String($0)) }) else {
                throw Refusal(400, "match.role", "--column \(wish) names no role.", remedy: "Write NAME=ROLE with a role of: \(ColumnRole.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            let name = parts.dropLast().joined(separator: "=")
            guard let index = text.header.firstIndex(of: name) else {
                throw Refusal(400, "match.column", "The file has no column \(name).", remedy: "It has: \(text.header.joined(separator: ", ")).")
            }
            schema.roles[index] = role
        }
        guard schema.isUsable else {
            throw Refusal(
                400, "match.no-columns", "No column says who a record is about.",
                remedy: "Name a column for what it is, as first_name, last_name, email, phone or date_of_birth, or say it with --column NAME=ROLE.")
        }
        return schema
    }

    private static func read(_ file: String) throws -> [UInt8] {
        let input = try ImportInput(file)
        var bytes: [UInt8] = []
        if let size = input.size { bytes.reserveCapacity(size) }
        while let piece = try input.next() { bytes.append(contentsOf: piece) }
        // In one piece, since a file that was cut off must not pass for a whole one.
        return try Inflater.inflate(bytes, Inflater.coding(named: input.packing) ?? .identity, maximum: DelimitedText.bytesMaximum)
    }

    private func writeClusters(_ result: MatchResult, _ names: RecordNames, _ put: (String) -> Void) {
        put("\(CSVCell.text(names.header)),cluster_id\n")
        for (row, cluster) in result.clusters.enumerated() { put("\(names[row]),\(names[cluster])\n") }
    }

    private func writePairs(_ result: MatchResult, _ names: RecordNames, _ put: (String) -> Void) {
        put("\(CSVCell.text(names.header + "_a")),\(CSVCell.text(names.header + "_b")),probability,outcome,evidence\n")
        let explainer = result.explainer()
        for pair in result.pairs {
            let reasons = explainer.reasons(pair.first, pair.second).map { "\($0.words) (\($0.bits < 0 ? "" : "+")\(oneDigit($0.bits)))" }.joined(separator: "; ")
            put("\(names[pair.first]),\(names[pair.second]),\(MatchCommand.fourDigits(pair.probability)),\(pair.outcome.rawValue),\(CSVCell.text(reasons))\n")
        }
    }

    private func report(_ text: DelimitedText, _ schema: Schema, _ result: MatchResult, seconds: Double) {
        let outcomes = Dictionary(grouping: result.pairs, by: \.outcome).mapValues(\.count)
        let (refused, review) = (outcomes[.refused] ?? 0, outcomes[.review] ?? 0)
        if json {
            var w = JSONWriter(capacity: 512)
            w.object { w in
                w.member("records", text.rowCount)
                w.member("clusters", result.clusterCount)
                w.member("largestCluster", result.largest)
                w.member("pairsMerged", outcomes[.merged] ?? 0)
                w.member("pairsRefused", refused)
                w.member("pairsToReview", review)
                w.member("placeholders", result.placeholders)
                w.key("columns")
                w.object { w in for (name, role) in zip(text.header, schema.roles) { w.member(name, role.rawValue) } }
                w.member("milliseconds", Int(seconds * 1000))
            }
            // The clusters may go to standard output themselves.
            return out == "-" ? Output.error(String(decoding: w.bytes, as: UTF8.self)) : Output.line(String(decoding: w.bytes, as: UTF8.self))
        }
        Output.error("Columns: " + zip(text.header, schema.roles).map { "\($0) (\($1.rawValue))" }.joined(separator: ", "))
        Output.error(
            "\(text.rowCount) records are \(result.clusterCount) people, the largest with \(result.largest) records, in \(oneDigit(seconds)) s. "
                + "\(review) pairs are for a person to look at, \(refused) were likely and refused.")
        if out == nil, pairs == nil { Output.error("Write the answer with --out clusters.csv and --pairs pairs.csv.") }
    }

    private static func fourDigits(_ probability: Double) -> String {
        let text = String(Int((min(1, max(0, probability)) * 10_000).rounded()))
        return probability >= 0.99995 ? "1.0000" : "0." + String(repeating: "0", count: max(0, 4 - text.count)) + text
    }
}

/// What each record is called in what is written: its own id, or its number in the file, from 1.
private struct RecordNames {
    /// As it is called, before it is a cell.
    let header: String
    private let text: DelimitedText
    private let column: Int?

    init(_ text: DelimitedText, _ schema: Schema) {
        self.text = text
        column = schema.roles.firstIndex(of: .recordID)
        header = column.map { text.header[$0] } ?? "row"
    }

    subscript(row: Int) -> String { column.map { CSVCell.text(text.text(row: row, column: $0)) } ?? String(row + 1) }
}

/// A file that is written in large pieces.
private enum MatchFile {
    static func write(_ path: String, _ body: ((String) -> Void) -> Void) throws {
        let descriptor = path == "-" ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw Refusal(400, "match.unwritable", "The file \(path) cannot be written.", remedy: "Check its folder and mode.") }
        defer { if descriptor != 1 { close(descriptor) } }
        var buffer: [UInt8] = []
        var isWhole = true
        func flush() {
            var rest = buffer[...]
            while !rest.isEmpty, isWhole {
                let n = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if n > 0 { rest = rest.dropFirst(n) } else { isWhole = false }
            }
            buffer.removeAll(keepingCapacity: true)
        }
        body { text in
            buffer.append(contentsOf: text.utf8)
            if buffer.count > 1 << 18 { flush() }
        }
        flush()
        guard isWhole else { throw Refusal(500, "match.unwritable", "The file \(path) could not be written to its end.", remedy: "Check the space on its disk.") }
    }
}
