import Foundation

/// Invented sentences about an old bridge at a harbour, in charsets of several bytes a character.
enum MultiByteTexts {
    /// What the texts say, by the name of their charset.
    static let texts: [String: String] = [
        "shift_jis": japanese, "euc-jp": japanese, "iso-2022-jp": japanese, "gbk": chinese, "gb18030": chinese, "big5": taiwanese,
        "euc-kr": korean,
    ]
    private static let japanese =
        "港の古い橋は月曜日から通行できない。町の議会は、修理が終わるまでおよ"
        + "そ一か月かかると説明した。住民は川の上流にある新しい橋を使っている。"
    private static let chinese =
        "港口的旧桥从星期一起不能通行。镇议会说明，修理大约需要一"
        + "个月。居民们使用河流上游的新桥，每天早上都要多走半个小时。"
    private static let taiwanese =
        "港口的舊橋從星期一起不能通行。鎮議會說明，修理大約需要一"
        + "個月。居民們使用河流上游的新橋，每天早上都要多走半個小時。"
    private static let korean =
        "항구의 오래된 다리는 월요일부터 다닐 수 없다. 마을 의회는 수리가 끝날 때"
        + "까지 한 달쯤 걸린다고 설명했다. 주민들은 강 위쪽의 새 다리를 쓰고 있다."

    /// The charset as pages declare it, its name, and the text.
    static let all: [(label: String, name: String, bytes: [UInt8])] = [
        (
            "Shift_JIS", "shift_jis",
            bytes(
                "jWCCzIzDgqKLtILNjI6XapP6gqmC55LKjXOCxYKrgsiCooFCkqyCzItjie+CzYFBj0OXnYKqj0mC7YLpgtyCxYKoguaCu4jqgqmM"
                    + "joKpgqmC6YLGkOCWvoK1gr2BQo9alq+CzZDsgsyP45esgsmCoILpkFaCtYKii7SC8I5ngsGCxIKigumBQg==")
        ),
        (
            "EUC-JP", "euc-jp",
            bytes(
                "ucGkzrjFpKS2tqTPt+7Ny8b8pKuk6cTMudSkx6StpMqkpKGjxK6kzrXEsvGkz6GivaTN/aSsvaqk76TrpN6kx6SqpOikvbDspKu3"
                    + "7qSrpKuk66TIwOLMwKS3pL+ho727zLGkz8DupM6+5c6upMukoqTrv7ekt6Sktrak8rvIpMOkxqSkpOuhow==")
        ),
        (
            "ISO-2022-JP", "iso-2022-jp",
            bytes(
                "GyRCOUEkTjhFJCQ2NiRPN25NS0Z8JCskaURMOVQkRyQtJEokJCEjRC4kTjVEMnEkTyEiPSRNfSQsPSokbyRrJF4kRyQqJGgkPTBs"
                    + "JCs3biQrJCskayRIQGJMQCQ3JD8hIz07TDEkT0BuJE4+ZU4uJEskIiRrPzckNyQkNjYkcjtIJEMkRiQkJGshIxsoQg==")
        ),
        (
            "gb2312", "gbk",
            bytes(
                "uNu/2rXEvsnHxbTT0MfG2tK7xvCyu8TczajQ0KGj1fLS6bvhy7XD96Os0N7A7bTz1LzQ6NKq0ru49tTCoaO+08Pxw8fKudPDutPB"
                    + "98nP0861xNDCx8WjrMO/zOzU58nPtrzSqrbg19+w67j20KHKsaGj")
        ),
        (
            "GB18030", "gb18030",
            bytes(
                "uNu/2rXEvsnHxbTT0MfG2tK7xvCyu8TczajQ0KGj1fLS6bvhy7XD96Os0N7A7bTz1LzQ6NKq0ru49tTCoaO+08Pxw8fKudPDutPB"
                    + "98nP0861xNDCx8WjrMO/zOzU58nPtrzSqrbg19+w67j20KHKsaGj")
        ),
        (
            "Big5", "big5",
            bytes(
                "tOSkZqq6wsK+9LFxrFC0waRAsF+ko6/gs3Gm5qFDwu3Es7d8u6Gp+qFBrdeyeqRqrPm73a1upECt06TroUOpfqXBrcyoz6XOqmWs"
                    + "eaRXtOWqurdzvvShQahDpNGmraRXs6OtbqZoqKulYq3TpHCuyaFD")
        ),
        (
            "ks_c_5601-1987", "euc-kr",
            bytes(
                "x9exuMDHIL/At6G1yCC02biutMIgv/m/5MDPus7FzSC02bTSILz2IL74tNkuILi2wLsgwMfIuLTCILz2uK6woSCzobOvILanse7B"
                    + "9iDH0SC03sLrILDJuLC02bDtILyzuO3H37TZLiDB1rnOtenAuiCwrSDAp8LKwMcgu/UgtNm4rrimIL6ysO0gwNa02S4=")
        ),
    ]

    private static func bytes(_ text: String) -> [UInt8] { Array(Data(base64Encoded: text) ?? Data()) }
}
