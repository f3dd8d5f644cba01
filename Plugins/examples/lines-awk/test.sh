#!/bin/sh
# sh test.sh: says to the plugin what the engine says, and compares what it answers.
cd "$(dirname "$0")" || exit 1
id=00000000000000000000000000000000000000a1

answers=$(sh start.sh <<EOF
{"type":"hello","protocols":[1],"engine":"test"}
{"type":"task","task":1,"round":"apply","parameters":{"pattern":"riv|\"no"}}
{"type":"record","task":1,"role":"documents","id":"$id","kind":"document","text":"Über Nacht:\nthe river rose,\n\n\"nobody\" slept","fields":{}}
{"type":"end","task":1}
{"type":"task","task":2,"round":"apply","parameters":{"pattern":"^sea"}}
{"type":"record","task":2,"role":"documents","id":"$id","kind":"document","text":"by the sea","fields":{"title":"sea"}}
{"type":"end","task":2}
{"type":"shutdown"}
EOF
)

expected=$(cat <<EOF
{"type":"hello","protocol":1,"name":"lines-awk","version":"1"}
{"type":"emit","task":1,"kind":"line","parents":["$id"],"text":[{"slice":[13,15]}],"fields":{"number":2}}
{"type":"emit","task":1,"kind":"line","parents":["$id"],"text":[{"slice":[30,14]}],"fields":{"number":4}}
{"type":"done","task":1}
{"type":"drop","task":2,"record":"$id","reason":"no-line-matches"}
{"type":"done","task":2}
EOF
)

if [ "$answers" = "$expected" ]; then
    echo "the plugin answers as it should"
else
    printf 'expected\n%s\n\nfound\n%s\n' "$expected" "$answers"
    exit 1
fi
