import Foundation
public import GRDB

/// Bytes as a SQLite blob.
public struct BlobBytes: DatabaseValueConvertible {
    public let bytes: [UInt8]
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public var databaseValue: DatabaseValue { Data(bytes).databaseValue }
    public static func fromDatabaseValue(_ value: DatabaseValue) -> BlobBytes? {
        Data.fromDatabaseValue(value).map { BlobBytes(Array($0)) }
    }
}
