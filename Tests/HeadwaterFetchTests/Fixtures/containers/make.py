"""Writes the archives beside this file, each with the tool that people use for it.

    python3 -m venv /tmp/tools && /tmp/tools/bin/pip install warcio zstandard brotli
    /tmp/tools/bin/python make.py

It needs tar (GNU), zip, zstd, bzip2, xz and wget. The archives are kept, so that tests need none of this; what a tool writes into
them of the day they were made is of no matter to any test.
"""

import bz2, gzip, http.server, io, json, lzma, os, struct, subprocess, tarfile, tempfile, threading, zipfile, zlib

import brotli
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

here = os.path.dirname(os.path.abspath(__file__))


def page(number):
    lines = "".join(f"<p>Paragraph {n} of page {number}: the ferry to Vell did not run.</p>\n" for n in range(1, 6))
    return f"<!DOCTYPE html>\n<html><head><title>Ferry {number}</title></head>\n<body>\n{lines}</body></html>\n".encode()


def path(name):
    return os.path.join(here, name)


def tar_archives(folder):
    long = os.path.join("d" * 90, "e" * 90, "long.html")
    names = ["a.html", "sub/b.html", long, "ümlaut.html"]
    for number, name in enumerate(names, 1):
        os.makedirs(os.path.dirname(os.path.join(folder, name)) or folder, exist_ok=True)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(page(number))
    os.symlink("a.html", os.path.join(folder, "link.html"))
    os.makedirs(os.path.join(folder, "empty"))
    for format in ("gnu", "posix"):
        subprocess.run(["tar", f"--format={format}", "--sort=name", "-cf", path(f"{format}.tar"), "-C", folder, "."], check=True)
    subprocess.run(["tar", "--sort=name", "-czf", path("gzipped.tgz"), "-C", folder, "."], check=True)
    subprocess.run(["tar", "--sort=name", "--zstd", "-cf", path("zstd.tar.zst"), "-C", folder, "."], check=True)
    subprocess.run(["tar", "--sort=name", "--bzip2", "-cf", path("bzip2.tar.bz2"), "-C", folder, "."], check=True)
    subprocess.run(["tar", "--sort=name", "--xz", "-cf", path("xz.txz"), "-C", folder, "."], check=True)
    with tarfile.open(path("nested.tar"), "w") as outer:
        for name, data in [
            ("inner.tar.gz", open(path("gzipped.tgz"), "rb").read()),
            ("page.html.gz", gzip.compress(page(5), mtime=0)),
        ]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            outer.addfile(info, io.BytesIO(data))


def zip_archives(folder):
    for name in ("infozip.zip", "encrypted.zip"):
        if os.path.exists(path(name)):
            os.remove(path(name))
    subprocess.run(["zip", "-q", "-r", "-X", path("infozip.zip"), "a.html", "sub", "ümlaut.html"], cwd=folder, check=True)
    subprocess.run(["zip", "-q", "-P", "secret", "-X", path("encrypted.zip"), "a.html"], cwd=folder, check=True)
    with zipfile.ZipFile(path("stored.zip"), "w") as archive:
        archive.writestr("a.html", page(1))
    with zipfile.ZipFile(path("bzip2.zip"), "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.html", page(1))
    with zipfile.ZipFile(path("streamed-zip64.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.html", "w", force_zip64=True) as member:
            member.write(page(1))


def xz_zip():
    """A member of method 95, which zipfile does not write: laid out by hand after PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16."""
    name, data = b"a.html", page(1)
    packed = lzma.compress(data)
    # Version needed, flags, method, time, day, checksum, sizes, lengths of name and extra field.
    common = struct.pack("<HHHHHIIIHH", 63, 0, 95, 0, 33, zlib.crc32(data), len(packed), len(data), len(name), 0)
    local = b"PK\3\4" + common + name
    entry = b"PK\1\2" + struct.pack("<H", 63) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local) + len(packed), 0)
    with open(path("xz.zip"), "wb") as file:
        file.write(local + packed + entry + end)


def response(status, body, headers):
    block = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
    return block, io.BytesIO(body)


def chunked(body, size=300):
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def warc_records(writer):
    html = ("Content-Type", "text/html; charset=utf-8")
    for number, status, body, headers in [
        (1, "200 OK", page(1), [html]),
        (2, "200 OK", chunked(page(2)), [html, ("Transfer-Encoding", "chunked")]),
        (3, "200 OK", gzip.compress(page(3), mtime=0), [html, ("Content-Encoding", "gzip")]),
        (4, "200 OK", chunked(gzip.compress(page(4), mtime=0)), [html, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]),
        # As Common Crawl keeps bodies: decoded, the header as it came.
        (5, "200 OK", page(5), [html, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]),
        (6, "404 Not Found", b"no", [html]),
        (1, "200 OK", page(7), [html]),
    ]:
        block, payload = response(status, body, headers)
        uri = f"https://ferry.example/{number}"
        record = writer.create_warc_record(uri, "response", payload=payload, http_headers=block)
        request = StatusAndHeaders(f"GET /{number} HTTP/1.1", [("Host", "ferry.example")], is_http_request=True)
        writer.write_record(record)
        writer.write_record(writer.create_warc_record(uri, "request", http_headers=request))
    text = "The ferry to Vell did not run, and nobody said why.\n".encode()
    writer.write_record(
        writer.create_warc_record("https://ferry.example/8", "conversion", payload=io.BytesIO(text), warc_content_type="text/plain"))
    writer.write_record(
        writer.create_warc_record("https://ferry.example/9", "resource", payload=io.BytesIO(page(9)), warc_content_type="text/html"))


def warc_files():
    with open(path("warcio.warc.gz"), "wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("warcio.warc.gz", {"software": "warcio"}))
        warc_records(writer)
    with open(path("warcio.warc"), "wb") as file:
        warc_records(WARCWriter(file, gzip=False))
    plain = open(path("warcio.warc"), "rb").read()
    with open(path("one-member.warc.gz"), "wb") as file:
        file.write(gzip.compress(plain, mtime=0))
    starts = [0]
    while (next := plain.find(b"\r\n\r\nWARC/1", starts[-1])) >= 0:
        starts.append(next + 4)
    records = [plain[start:end] for start, end in zip(starts, starts[1:] + [len(plain)])]
    dictionary = zstandard.train_dictionary(1024, records * 20)
    raw = dictionary.as_bytes()
    compressor = zstandard.ZstdCompressor(dict_data=dictionary, write_dict_id=True)
    with open(path("dictionary.warc.zst"), "wb") as file:
        file.write(bytes([0x5D, 0x2A, 0x4D, 0x18]) + len(raw).to_bytes(4, "little") + raw)
        for record in records:
            file.write(compressor.compress(record))


class Ferry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = page(1) if self.path == "/1" else page(2)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == "/1":
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Transfer-Encoding", "chunked")
            body = chunked(body)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def wget_file():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 8765), Ferry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["wget", "-q", "--warc-file=wget", "http://127.0.0.1:8765/1", "http://127.0.0.1:8765/2"], cwd=folder, check=True)
        os.replace(os.path.join(folder, "wget.warc.gz"), path("wget.warc.gz"))
    server.shutdown()


def lines():
    with open(path("lines.jsonl"), "w", encoding="utf-8") as file:
        for number in range(1, 4):
            row = {"id": f"p{number}", "html": page(number).decode(), "title": "Fähre \"Vell\"", "size": number}
            file.write(json.dumps(row) + "\n")
        file.write(json.dumps({"url": "https://ferry.example/4", "text": "Die Fähre 🚢 fuhr nicht.\n"}) + "\n\n")
        file.write(json.dumps({"text": "A line without a name."}) + "\n")
        file.write('{"id": "none"}\n{"id": "broken\n')
    with open(path("table.csv"), "w", encoding="utf-8", newline="") as file:
        file.write('id;title;body\r\n1;"The ""ferry""";"It did not run,\r\nand nobody said why."\r\n2;Short row\r\n3;Third;"Plain; text"\r\n')
    with open(path("latin.tsv"), "wb") as file:
        file.write("id\ttext\n1\tDie F\u00e4hre f\u00e4hrt f\u00fcr Fu\u00dfg\u00e4nger nicht.\n".encode("windows-1252"))


def brotli_warc():
    """Bodies in Brotli, joined and in chunks; and two that the crawler had decoded, the header as it came."""
    html = ("Content-Type", "text/html; charset=utf-8")
    coding = ("Content-Encoding", "br")
    pixels = ("Content-Type", "image/png")
    with open(path("brotli.warc"), "wb") as file:
        writer = WARCWriter(file, gzip=False)
        for number, body, headers in [
            (1, brotli.compress(page(1)), [html, coding]),
            (2, chunked(brotli.compress(page(2)), 50), [html, coding, ("Transfer-Encoding", "chunked")]),
            (3, page(3), [html, coding]),
            (4, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64), [pixels, coding]),
            (5, brotli.compress(page(5))[:-20], [html, coding]),
        ]:
            block, payload = response("200 OK", body, headers)
            uri = f"https://ferry.example/{number}"
            writer.write_record(writer.create_warc_record(uri, "response", payload=payload, http_headers=block))


def single_files():
    """One text each; of two streams one behind the other, as parallel tools write, and padded as xz(1) allows."""
    first, second = page(1)[:300], page(1)[300:]
    for name, data in [
        ("page.html.gz", gzip.compress(page(1), mtime=0)),
        ("page.html.bz2", bz2.compress(first) + bz2.compress(second)),
        ("page.html.xz", lzma.compress(first) + bytes(8) + lzma.compress(second)),
    ]:
        with open(path(name), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        tar_archives(folder)
        zip_archives(folder)
    xz_zip()
    warc_files()
    brotli_warc()
    wget_file()
    lines()
    single_files()
