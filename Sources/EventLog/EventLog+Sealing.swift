#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

extension EventLog {
    func scheduleSeal(_ segment: OpenSegment) {
        segment.finish()
        state.withLock { $0.unsealed.append(segment) }
        worker.submit { [weak self] in self?.sealWaiting() }
    }

    /// Seals what waits; where that fails, as on a full disk, it is tried again: imports wait for it.
    private func sealWaiting() {
        for segment in state.withLock({ $0.unsealed }) where seal(segment) { state.withLock { $0.unsealed.removeAll { $0 === segment } } }
        let isTime = state.withLock { state in
            guard !state.unsealed.isEmpty, !state.sealsAgain else { return false }
            state.sealsAgain = true
            return true
        }
        guard isTime else { return }
        Task { [weak self] in
            try? await Task.sleep(for: EventLog.sealingPause)
            self?.state.withLock { $0.sealsAgain = false }
            self?.worker.submit { [weak self] in self?.sealWaiting() }
        }
    }
    private static let sealingPause = Duration.seconds(10)

    private func seal(_ segment: OpenSegment) -> Bool {
        erasing.withLock { _ in
            // Records behind the next segment's first were never acknowledged.
            let next = state.withLock { state in state.segments.first { $0.first > segment.first }?.first }
            let count = next.map { Int(min($0 - segment.first, LogPosition(segment.count))) } ?? segment.count
            let direct = DirectFile(segment.file, path: segment.path)
            guard let sealed = try? Sealer.seal(first: segment.first, count: count, folder: folder, read: { (from, count) throws(LogError) in
                try segment.records(from: from, count: count) { (count, offset) throws(LogError) in try direct.read(count, at: offset) }
            }) else { return false }
            // Where names cannot be made durable now, the next sealing or erasure tries again.
            try? put(sealed, insteadOf: segment.path)
            return true
        }
    }

    /// Waits until every full segment is sealed.
    public func finishSealing() { worker.drain() }

    /// Has a sealed segment, whose file has its name, read and erased from instead of what it was made of. Called with `erasing` held.
    ///
    /// - Parameter path: what it was made of, which goes once the name of the new file is durable.
    func put(_ sealed: SealedSegment, insteadOf path: String? = nil) throws(LogError) {
        state.withLock { state in
            if let index = state.segments.firstIndex(where: { $0.first == sealed.first }) { state.segments[index] = .sealed(sealed) }
            state.obsolete = (state.obsolete ?? []) + (path.map { [$0] } ?? [])
        }
        try finishNames()
    }

    /// Makes names durable that are not yet, and removes what stood there before: it holds what an erasure no longer reaches. Called with `erasing` held.
    func finishNames() throws(LogError) {
        guard let obsolete = state.withLock({ $0.obsolete }) else { return }
        try LogFile.syncFolder(folder)
        for path in obsolete { guard unlink(path) == 0 || errno == ENOENT else { throw .last() } }
        state.withLock { $0.obsolete = nil }
    }
}
