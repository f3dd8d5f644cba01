/// What a last paragraph says that is about the writer or the page and not about the story. Looked for at the end of
/// the text alone: within it the same words may be the story.
let tailPhrases = """
    *contributed to this report*
    *contributed to this story*
    *contributed to this article*
    *contributed reporting*
    contributing:*
    with reporting by*
    with files from*
    *is a freelance*
    *is a staff writer*
    *is a staff reporter*
    *is a senior writer*
    *is a senior reporter*
    *is a senior editor*
    *is a contributing*
    *is a contributor*
    *is a reporter*
    *is a journalist*
    *is a writer*
    *is an author*
    *is an editor*
    *is a news editor*
    *is an associate editor*
    *is the editor*
    *is a columnist*
    *is a correspondent*
    *'s editor-in-chief*
    *staff writer at*
    *where he covers*
    *where she covers*
    *where he reports*
    *where she reports*
    *he covers*
    *she covers*
    *has been writing about*
    *has written for*
    *have been published in*
    *contact the reporter*
    contact *
    *follow him*
    *follow her*
    *follow them*
    *follow me*
    *follow us*
    *can be reached at*
    *reach him at*
    *reach her at*
    *email him at*
    *email her at*
    *write to *
    *send tips to*
    *on twitter @*
    more information:*
    citation:*
    for more *
    to learn more about*
    want more*
    for information on*
    recipes adapted from*
    this story has been updated*
    this article has been updated*
    this story was updated*
    an error has occurred*
    thanks for reading*
    thank you for reading*
    do you rely on*
    support *
    this story originally*
    this article is part of*
    was this page helpful*
    was this article helpful*
    have a news tip*
    got a tip*
    if you have a news tip*
    join our*
    listen to*
    subscribe*
    please subscribe*
    our journalism needs*
    editor's note:*
    # German, French, Spanish, Portuguese
    über den autor*
    à propos de l'auteur*
    sobre el autor*
    sobre o autor*
    """
