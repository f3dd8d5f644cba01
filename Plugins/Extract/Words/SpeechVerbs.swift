/// Verbs and nouns that attribute words or views to somebody.
enum SpeechVerbs {
    static let speech = """
        said says say told tells tell wrote writes write added adds add asked asks ask tweeted tweets continued continues responded responds declared declares replied \
        replies explained explains stated states noted notes recalled recalls concluded concludes reported reports answered answers announced announces \
        argued argues asserted asserts claimed claims commented comments confirmed confirms conceded concedes contended contends cautioned cautions complained complains \
        confessed confesses admitted admits acknowledged acknowledges insisted insists joked jokes maintained maintains mentioned mused observed observes pledged pledges \
        promised promises proclaimed quipped reasoned reiterated reiterates remarked remarks repeated repeats retorted revealed reveals shouted shouts yelled screamed \
        whispered stressed stresses suggested suggests testified testifies thundered urged urges vowed vows warned warns boasted bragged chanted cried exclaimed \
        fumed gushed interjected intoned laughed lamented murmured muttered opined pleaded quoted quotes reads snapped sneered snarled sighed teased posted emphasized emphasised emphasizes \
        emphasises underlined underscored blogged texted emailed e-mailed predicted predicts estimated estimates believes believed thinks thought feels felt hopes hoped \
        affirmed alleged alleges advised advises assured assures demanded demands denied denies insisted countered counters began replied agreed agrees disclosed elaborated \
        enthused estimated guessed hinted implied implies inquired instructed joked narrated ordered prayed protested recounted related swore taunted charged lectured grumbled scoffed ventured volunteered read disagreed objected
        """
    static let participles = """
        saying adding writing calling telling asking noting arguing claiming warning declaring explaining stating suggesting insisting stressing describing \
        promising urging tweeting quipping joking shouting accusing alleging citing quoting responding replying concluding emphasizing emphasising confirming announcing denying chanting yelling \
        interjecting repeating vowing demanding expressing admitting acknowledging complaining predicting labeling labelling dubbing dismissing praising blasting denouncing condemning reading posting boasting
        """
    static let stance = """
        called calls describes described sees saw views viewed dubbed dubs labeled labelled labels referred refers characterized characterised praised praises hailed hails blasted slammed \
        criticized criticised criticizes criticises mocked touted termed terms condemned denounced defended defends expressed expresses considers considered questioned questions \
        puts cited cites wanted wants spoke speaks speaking urged appealed welcomed welcomes proposed proposes offered branded compared compares likened ridiculed thanked thanks decried \
        proclaimed found ruled recommends recommended deemed deems lauded rebuked derided invoked hoped
        """
    static let denial =
        "denied denies deny denying rejected rejects reject rejecting dismissed dismisses dismissing refuted refutes disputed disputes disputing disputed rebutted"
    static let accusation = """
        accused accuses accuse accusing blamed blames blaming alleged alleges charged charges attacked
        """
    static let expectation = """
        expects expected expect expecting predicts predicted predicting forecasts forecast forecasted fears feared hopes hoped hoping plans planned planning intends intended anticipates \
        anticipated projects projected foresees promised promises vowed vows pledged pledges threatens threatened aims aimed
        """
    static let contest = "contested disputed challenged contradicted unverified disputes contradicts questioned"
    static let nouns = """
        statement statements tweet tweets interview remarks speech post posts comments letter email e-mail message report press memo op-ed editorial essay column \
        article book headline slogan quote words testimony affidavit filing ruling
        """
}
