#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whether `needle` stands anywhere in `haystack`.
func memmemShim(_ haystack: UnsafeRawBufferPointer, _ needle: [UInt8]) -> Bool {
    // memmem is not in Glibc's Swift overlay without _GNU_SOURCE; memchr to the first byte and a compare is as fast for rare first bytes.
    var start = 0
    while start + needle.count <= haystack.count {
        guard let hit = unsafe memchr(haystack.baseAddress! + start, Int32(needle[0]), haystack.count - needle.count + 1 - start) else { return false }
        let at = unsafe UnsafeRawPointer(hit) - haystack.baseAddress!
        if unsafe memcmp(haystack.baseAddress! + at, needle, needle.count) == 0 { return true }
        start = at + 1
    }
    return false
}
