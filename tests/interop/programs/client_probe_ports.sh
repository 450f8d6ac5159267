# What a scanner of ports does: opens and closes, two bare line ends, HELP, an RTSP request.
nc -z "$1" "$2"
printf '\r\n\r\n' | timeout 2 nc -N "$1" "$2"
printf 'HELP\r\n' | timeout 2 nc -N "$1" "$2"
printf 'OPTIONS / RTSP/1.0\r\n\r\n' | timeout 2 nc -N "$1" "$2"
true
