/// Notes about the author, below the text.
let authorPhrases = """
    about the author*
    about the authors*
    about author
    about the writer*
    the author is*
    the writer is*
    view all posts by*
    more posts by*
    all posts by*
    see all articles by*
    follow the author*
    contact the author*
    contact the reporter*
    contact me at*
    email me at*
    follow him on*
    follow her on*
    follow them on*
    *follow him on twitter*
    *follow her on twitter*
    *follow them on twitter*
    *on twitter @*
    *on twitter at @*
    reach the reporter*
    send tips to*
    reporting by*
    additional reporting by*
    editing by*
    (reporting by*
    compiled by*
    """
