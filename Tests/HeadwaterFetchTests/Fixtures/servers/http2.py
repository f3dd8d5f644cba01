"""A server of HTTP/2 over TLS (RFC 9113) for tests: one page for every request, and a line on standard output for each thing that
happened. It speaks nothing else: who does not choose h2 (RFC 7301) gets no answer.

    python3 http2.py CERTIFICATE KEY
"""

import socket
import ssl
import struct
import sys
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 4, 6, 7, 9
ACK = END_STREAM = 1
END_HEADERS = 4
PAGE = b"a page over HTTP/2\n"
# `:status: 200` is entry 8 of the static table (RFC 7541, appendix A); `content-type` is entry 31, with a literal value behind it
# that is not put into the dynamic table (section 6.2.2).
TYPE = b"text/plain"
FIELDS = b"\x88\x0f\x10" + bytes([len(TYPE)]) + TYPE

said = threading.Lock()


def say(text):
    with said:
        print(text, flush=True)


def receive(connection, count):
    out = b""
    while len(out) < count:
        part = connection.recv(count - len(out))
        if not part:
            raise EOFError
        out += part
    return out


def frame(connection):
    head = receive(connection, 9)
    length = int.from_bytes(head[:3], "big")
    kind, flags = head[3], head[4]
    stream = struct.unpack(">I", head[5:])[0] & 0x7FFFFFFF
    return kind, flags, stream, receive(connection, length)


def send(connection, kind, flags, stream, payload=b""):
    connection.sendall(len(payload).to_bytes(3, "big") + bytes([kind, flags]) + struct.pack(">I", stream) + payload)


def serve(number, connection):
    try:
        connection.do_handshake()
        say(f"connection {number} {connection.selected_alpn_protocol()}")
        if connection.selected_alpn_protocol() != "h2" or receive(connection, len(PREFACE)) != PREFACE:
            return
        send(connection, SETTINGS, 0, 0)
        waiting = {}
        while True:
            kind, flags, stream, payload = frame(connection)
            if kind == SETTINGS and not flags & ACK:
                send(connection, SETTINGS, ACK, 0)
            elif kind == PING and not flags & ACK:
                send(connection, PING, ACK, 0, payload)
            elif kind == GOAWAY:
                return
            elif kind in (HEADERS, CONTINUATION):
                # Whether the request ends with its head is said where the head begins.
                ends = waiting.pop(stream, False) or (kind == HEADERS and bool(flags & END_STREAM))
                if not flags & END_HEADERS:
                    waiting[stream] = ends
                elif ends:
                    say(f"request {number} {stream}")
                    send(connection, HEADERS, END_HEADERS, stream, FIELDS)
                    send(connection, DATA, END_STREAM, stream, PAGE)
    except (EOFError, OSError):
        pass
    finally:
        connection.close()


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("127.0.0.1", 0))
    say(f"port {listener.getsockname()[1]}")
    number = 0
    while True:
        plain, _ = listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number += 1
        connection = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=serve, args=(number, connection), daemon=True).start()


main()
