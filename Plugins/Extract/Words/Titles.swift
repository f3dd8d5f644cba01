/// Words that stand before personal names, and words for what people are.
enum Titles {
    static let words = """
        mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend father fr pastor bishop archbishop cardinal pope rabbi imam \
        sheikh sheik ayatollah king queen prince princess emperor sultan emir baron count duke duchess president premier chancellor minister senator sen congressman \
        congresswoman representative rep governor gov mayor judge justice attorney secretary ambassador envoy commissioner chairman chairwoman \
        general gen colonel col major maj captain capt lieutenant lt sergeant sgt corporal admiral adm commander marshal officer inspector detective \
        constable sheriff chief coach director chair superintendent supt speaker deputy vice-president spokesman spokeswoman spokesperson \
        councillor councilman councilwoman councilor saint correspondent analyst economist candidate nominee strategist leader lawyer harbourmaster headmaster headmistress lighthouse-keeper magistrate provost reeve brigadier comptroller
        """
    static let roles = """
        activist actor actress adviser advisor agent aide ally architect artist astronaut astronomer athlete author baker banker biologist boss \
        businessman businesswoman ceo champion chef chemist chieftain clerk columnist comedian composer consultant cook co-founder critic dancer \
        dealer defender designer developer diplomat doctor driver editor engineer entrepreneur executive expert farmer firefighter fisherman founder goalkeeper guard \
        guitarist head historian host inventor investigator journalist juror keeper lawmaker lawyer legislator manager mechanic meteorologist midfielder musician \
        negotiator nurse observer operator organizer organiser owner painter partner physician physicist pilot player plaintiff poet politician president \
        principal producer prosecutor psychologist publisher ranger reader rebel recruiter referee reporter researcher resident scholar scientist singer soldier solicitor \
        specialist student striker supporter surgeon survivor teacher technician trader trainer trustee veteran victim vicar villager \
        volunteer watchman winemaker witness worker writer woman man mother father brother sister son daughter wife husband neighbour neighbor friend colleague \
        official planner pollster correspondent contractor counsel defendant director-general curator librarian ombudsman regulator shopkeeper \
        skipper steward superintendent warden treasurer undersecretary
        """
    /// Groups that speak.
    static let collectives = """
        police officials authorities government ministry army military company campaign committee council court commission agency firm \
        party union bank parliament congress senate administration department office group association authority board bureau court embassy \
        federation foundation institute league mission network newspaper navy team university charity hospital kremlin pentagon regulator \
        operator service inspectorate prosecutors investigators researchers scientists experts analysts economists engineers residents witnesses \
        critics supporters opponents lawmakers republicans democrats activists campaigners organizers organisers doctors lawyers firefighters \
        rescuers rebels militants protesters voters investors traders farmers workers owners spokesmen sources insiders aides advisers
        """
}
