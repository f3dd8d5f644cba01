import HeadwaterModel
import Testing

@testable import HeadwaterClean

@Suite("The tree of a page")
struct PageTreeTests {
    private func texts(_ page: String, isXML: Bool = false) -> [String] {
        let bytes = Array(page.utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            let tree = PageTree(parsing: buffer, isXML: isXML)
            return BlockReader.blocks(of: tree, in: bytes).map { String(decoding: $0.text, as: UTF8.self) }
        }
    }

    @Test(
        "texts are disjoint ranges in the order of the source, and descendants lie within their element",
        arguments: PageFixtures.pages)
    func order(page: String) throws {
        let bytes = try PageFixtures.bytes(page)
        let tree = bytes.withUnsafeBufferPointer { PageTree(parsing: $0) }
        var end = 0
        for (index, node) in tree.nodes.enumerated() {
            #expect(node.next > index && node.next <= tree.nodes.count)
            if node.parent >= 0 { #expect(node.parent < index && tree.nodes[node.parent].next >= node.next) }
            guard node.name == .text else { continue }
            #expect(node.range.lowerBound >= end && node.range.upperBound <= bytes.count)
            end = node.range.upperBound
        }
    }

    @Test(
        "end tags that are left out are implied as browsers imply them",
        arguments: [
            ("<p>a<p>b", ["a", "b"]), ("<ul><li>a<li>b</ul>c", ["a", "b", "c"]), ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
            ("<table><tr><td>a<td>b<tr><td>c</table>d", ["a", "b", "c", "d"]), ("<p>a<div>b</div>c", ["a", "b", "c"]),
            ("a</p>b", ["a", "b"]), ("<b>a<p>b</b>c</p>", ["a", "bc"]), ("<h1>a</h2>b", ["a", "b"]),
            ("a<br>b</br>c", ["a", "b", "c"]),
            ("<p>a</span>b</p>", ["ab"]), ("<title>a<b>c</title>d", ["d"]), ("<head>x<body>y", ["x", "y"]),
        ])
    func impliedEnds(page: String, blocks: [String]) { #expect(texts(page) == blocks) }

    @Test(
        "what browsers do not show is no text",
        arguments: [
            ("<!-- a -->b", ["b"]), ("<!-->b", ["b"]), ("<!doctype html>b", ["b"]), ("<?php a ?>b", ["b"]),
            ("<script>a</script>b", ["b"]),
            ("<style>a</style>b", ["b"]), ("<script>a</scriptx></script>b", ["b"]), ("<a title='>'>b</a>", ["b"]),
            ("a < b", ["a < b"]),
            ("a <3 b", ["a <3 b"]), ("<textarea>a</textarea>b", ["b"]), ("<svg><text>a</text></svg>b", ["b"]),
            ("b<a href=", ["b"]),
        ])
    func invisible(page: String, blocks: [String]) { #expect(texts(page) == blocks) }

    @Test(
        "a CDATA section is text in XML, with its ampersands as they are, and a comment in HTML",
        arguments: [
            ("<p>a <![CDATA[b <i> &amp; c]]> d &amp; e</p>", ["a b <i> &amp; c d & e"], ["a &amp; c]]> d & e"]),
            ("<p><![CDATA[]]>a", ["a"], ["a"]), ("<p>a<![CDATA[b", ["ab"], ["a"]), ("<p>a<![CDATA[b]]]]>c", ["ab]]c"], ["ac"]),
        ] as [(String, [String], [String])])
    func literalSections(page: String, xml: [String], html: [String]) {
        #expect(texts(page, isXML: true) == xml)
        #expect(texts(page).map { $0.replacing("& c", with: "&amp; c") } == html)
    }

    @Test("the first of two attributes of one name counts, with or without quotes")
    func attributes() {
        let bytes = Array("<p id = one class='a b' ID=two data-x>".utf8)
        bytes.withUnsafeBufferPointer { buffer in
            let tree = PageTree(parsing: buffer)
            #expect(String(decoding: buffer[tree.nodes[1].id], as: UTF8.self) == "one")
            #expect(String(decoding: buffer[tree.nodes[1].classes], as: UTF8.self) == "a b")
            #expect(tree.attribute("data-x", of: 1, in: buffer)?.isEmpty == true)
            #expect(tree.attribute("title", of: 1, in: buffer) == nil)
        }
    }
}
