# Takes out the lines of documents that match a pattern. What it says is numbers and ids alone, so there is nothing to escape:
# the engine cuts each line out of its document by itself.

!fold($0, message) { fail("a line that is no JSON object") }

message["type"] == "hello" {
    say("{\"type\":\"hello\",\"protocol\":1,\"name\":\"lines-awk\",\"version\":\"1\"}")
    flush()
}

message["type"] == "task" {
    task = "\"task\":" message["task"]
    pattern = message["parameters.pattern"]
}

message["type"] == "record" && task != "" { take(message["id"], message["text"]) }

message["type"] == "end" && task != "" {
    say("{\"type\":\"done\"," task "}")
    flush()
    task = ""
}

message["type"] == "cancel" && task != "" {
    say("{\"type\":\"failed\"," task ",\"message\":\"cancelled\"}")
    flush()
    task = ""
}

message["type"] == "shutdown" { exit 0 }

function take(id, text,    lines, count, start, i, found) {
    count = split(text, lines, "\n")
    start = 0
    found = 0
    for (i = 1; i <= count; i++) {
        if (lines[i] != "" && lines[i] ~ pattern) {
            say("{\"type\":\"emit\"," task ",\"kind\":\"line\",\"parents\":[\"" id "\"]," \
                "\"text\":[{\"slice\":[" start "," length(lines[i]) "]}],\"fields\":{\"number\":" i "}}")
            found++
        }
        start += length(lines[i]) + 1
    }
    if (found == 0) say("{\"type\":\"drop\"," task ",\"record\":\"" id "\",\"reason\":\"no-line-matches\"}")
}

# Lines are written many at a time: mawk, told to answer at once, writes each print on its own.
function say(line) {
    said = said line "\n"
    if (length(said) > 8192) flush()
}

function flush() {
    printf "%s", said
    fflush()
    said = ""
}

function fail(problem) {
    print problem | "cat 1>&2"
    exit 1
}
