extension BucketTest {
    /// The bucket of a profile, 0 to 9999, the same on every machine and in every version.
    ///
    /// - Note: 64-bit FNV-1a over the salt, a zero byte and the profile's id, mixed by MurmurHash3's finalizer, since FNV alone leaves similar ids near each
    ///   other; then the remainder by 10,000, which favours no bucket by more than 10^-15.
    public static func bucket(of profile: String, salt: String) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in salt.utf8 { add(byte) }
        add(0)
        for byte in profile.utf8 { add(byte) }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return Int(hash % UInt64(count))
    }
}
