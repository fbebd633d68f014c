import CKernels

/// Whether `needle` stands anywhere in `haystack`.
func isPart(_ needle: [UInt8], of haystack: UnsafeRawBufferPointer) -> Bool {
    guard haystack.count >= needle.count, let base = haystack.baseAddress else { return false }
    return unsafe martlet_find(base.assumingMemoryBound(to: UInt8.self), haystack.count, needle, needle.count) < haystack.count
}
