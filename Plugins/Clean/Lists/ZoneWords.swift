/// Words in `class` and `id` values that say what an element is for, by the reason for which its text is dropped. A
/// compound ("most-read", "mostRead") is looked up joined as well as in its parts. Gathered from the theme names of
/// common publishing systems.
let zoneWords: [(DropReason, String)] = [
    (
        .share,
        """
        share shares sharing sharebar sharetools sharethis sharedaddy shareline addthis addtoany social socials socialbar
        socialmedia sociallinks socialshare soc followus followbutton jpsharelisting savebutton
        """
    ),
    (
        .related,
        """
        related relateds relatedposts relatedarticles relatedcontent relatedlinks relatedstories relatednews seealso
        alsoread readalso readnext readmore morestories morefrom morenews moreon mostread mostpopular mostviewed mostrecent popular
        popularposts trending recommended recommendation recommendations recommends recirc recirculation outbrain taboola
        upnext youmaylike youmightlike alsolike latestnews lateststories topstories zergnet revcontent nextarticle
        prevnext postnavigation navposts moreposts rotator jprelatedposts onwards storypackage teasers suggestions
        """
    ),
    (
        .newsletter,
        """
        newsletter newsletters newslettersignup signup signupbox subscribe subscription subscriptions mailinglist optin mailchimp
        subscribebox emailsignup regwall nl membership piano donate donation
        """
    ),
    (
        .comments,
        """
        comments comment commentlist commentform disqus respond livefyre discussion commenting commentary cmt guestbook
        replies coral viafoura spotim
        """
    ),
    (.cookieNotice, "cookie cookies consent gdpr cookiebar cookienotice onetrust ccpa cmp privacybanner"),
    (
        .menu,
        """
        nav navbar navigation menu menus breadcrumb breadcrumbs crumb crumbs topbar toolbar skip skiplink skipto masthead submenu
        sitenav pagination pager sitemap megamenu siteheader pageheader globalheader dropdown topnav subnav
        """
    ),
    (.sidebar, "sidebar rightrail leftrail rail rightcolumn leftcolumn widget widgets sidecol"),
    (.footer, "footer sitefooter pagefooter colophon copyright bottombar"),
    (
        .advertisement,
        """
        ad ads adv advert adverts advertisement advertisements advertising adslot adunit adbox adwrapper adcontainer sponsored
        sponsor sponsors dfp adsense googlead commercial banneradd affiliate merch
        """
    ),
    (
        .inlinePromo,
        "promo promos promotion promobox pullout callout cta calltoaction inlinelink boxlink interstitial inl teaser teaserbox"
    ),
    (
        .caption,
        """
        caption captions figcaption wpcaption wpcaptiontext imagecaption photocaption photocredit imagecredit mediacaption
        credit credits mediacredit gallery slideshow carousel lightbox
        """
    ),
    (.tags, "tags taglist tagcloud topics keywords categories filedunder articletags posttags entrytags tagitems"),
    (.authorNote, "authorbio bio aboutauthor authorbox authorinfo authorprofile aboutauthors abouttheauthor contributor"),
    (
        .metadata,
        """
        byline bylines bylinetext postmeta entrymeta articlemeta metadata timestamp datetime pubdate publisheddate publishdate
        readingtime readtime authorname dateline entrydate postdate articledate lastupdated publishedon postedon datepublished
        """
    ),
    (.form, "form login signin register search searchform modal popup overlay tooltip dialog poll survey quiz"),
    (.pullQuote, "pullquote pull pullquotes"),
    (.hidden, "hidden visuallyhidden sronly screenreader screenreadertext offscreen noprint displaynone"),
]
