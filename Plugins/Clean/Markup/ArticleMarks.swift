/// Words of `class` and `itemprop` values that mark the element around an article's text, as publishing systems name it.
enum ArticleMarks {
    static let words = """
        articlebody articlecontent articletext entrycontent postcontent postbody storybody storycontent storytext articlemain
        econtent bodycontent contentbody articlebodycontent maincontentarticle textbody bodytext bodycopy articlebodytext
        singlecontent newstext newsbody newscontent articlecopy richtext postarticle blogcontent contentarticle mainarticle
        """
    private static let lexicon = ZoneLexicon([(.outside, words)])

    /// Whether an element says that it holds the article's text.
    static func marks(_ node: PageTree.Node, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if !node.property.isEmpty, bytes[node.property].containsLowercased("articlebody") { return true }
        return !node.classes.isEmpty && lexicon.reason(in: bytes[node.classes]) != nil
            || !node.id.isEmpty && lexicon.reason(in: bytes[node.id]) != nil
    }
}
