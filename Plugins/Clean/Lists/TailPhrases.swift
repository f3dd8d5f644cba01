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
    editor's note *
    updated to *
    updated:*
    update:*
    correction:*
    correction *
    corrections:*
    clarification:*
    clarification, *
    an earlier version *
    a previous version *
    a version of th*
    this story was originally*
    this story is part of*
    this article originally*
    this article was*
    this article is republished*
    this article contains affiliate*
    this post was*
    this post has been*
    this post may contain*
    this piece was*
    this content was*
    this site is protected by*
    this work is licensed*
    sign up *
    donate*
    become a *
    get the latest*
    get our*
    get more *
    get breaking *
    get daily *
    get a daily*
    a daily email*
    want to keep up*
    want to *
    interested in *
    looking for more*
    looking for the best*
    do you have *
    if you have *
    if you enjoyed *
    if you liked *
    if you buy *
    if you purchase *
    if you click *
    if you would like to*
    if you'd like to*
    by signing up*
    by submitting*
    by subscribing*
    by entering your*
    thanks for signing up*
    thank you for signing up*
    we encountered an issue*
    we may earn*
    we earn *
    we may receive*
    sometimes we include*
    source image*
    source images*
    photo by*
    photos by*
    image by*
    images by*
    cross-posted*
    crossposted*
    reprinted *
    republished *
    originally published*
    first published*
    doi:*
    disclaimer:*
    disclaimer *
    disclosure:*
    read next*
    read more*
    read also*
    also read*
    see also*
    check out our*
    check out more*
    don't miss*
    special offer*
    watch more*
    watch the full*
    download the*
    download our*
    you can also *
    you can follow *
    you can subscribe *
    you can find more*
    you can listen *
    you can sign up*
    you can reach *
    you can contact *
    you can email *
    follow *
    e-mail *
    email *
    email: *
    reach *
    click here *
    additional reporting*
    reporting by*
    all rights reserved*
    copyright *
    please email*
    please contact*
    please sign up*
    please consider*
    *newsletter*
    *letters to the editor*
    *doi.org*
    *recaptcha*
    *tax-deductible*
    *all rights reserved*
    *to your inbox*
    *in your inbox*
    *your journalism*
    *our journalism*
    *affiliate links*
    *affiliate commission*
    *delivered every*
    *delivered straight*
    *follow on twitter*
    *on twitter*
    # German, French, Spanish, Portuguese
    über den autor*
    à propos de l'auteur*
    sobre el autor*
    sobre o autor*
    """
