import HeadwaterClean
import HeadwaterDedupe
import HeadwaterEngine
import HeadwaterExtract
import HeadwaterFetch
import HeadwaterSummarize

/// The stages that come with Headwater.
enum BuiltIns {
    static let registry = PluginRegistry([Fetch.self, Clean.self, Dedupe.self, Extract.self, Summarize.self])
}
