#!/bin/sh
# Starts awk so that it counts bytes, and answers each line as it comes: mawk waits for a full buffer unless it is told not to.
LC_ALL=C
export LC_ALL
case $(awk -W version 2>&1 </dev/null) in
mawk*) exec awk -W interactive -f json.awk -f stage.awk ;;
*) exec awk -f json.awk -f stage.awk ;;
esac
