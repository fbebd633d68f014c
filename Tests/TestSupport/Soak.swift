import Foundation

/// Whether the long form of the tests runs (`MARTLET_SOAK=1`): hours, and not for every build.
public let isSoak = ProcessInfo.processInfo.environment["MARTLET_SOAK"] == "1"
