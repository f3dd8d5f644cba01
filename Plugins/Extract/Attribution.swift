/// Who said something, and by which verb.
struct Attribution {
    /// The verb alone; nil where a speaker goes on without one.
    var cue: Int?
    /// The words that name the speaker here: a name, a pronoun, `the minister`.
    var mention: Range<Int>
    /// The speaker's full name as the document gives it, or the words themselves.
    var speaker: Range<Int>
}
