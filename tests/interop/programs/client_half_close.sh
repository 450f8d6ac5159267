# Everything at once, no newline after the last line, then the end of the stream.
printf 'fanny\nvite fait\nbien fait' | nc -N "$1" "$2"
