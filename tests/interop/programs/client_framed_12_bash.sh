# Sheet 000 by hand: the int and the size_t one behind the other, as printf writes them.
frame() { # nature text
  printf "\\x$(printf %02x "$1")\\0\\0\\0\\x$(printf %02x ${#2})\\0\\0\\0\\0\\0\\0\\0%s" "$2" >&4
  sleep 0.6
}
exec 4<>"/dev/tcp/$1/$2"
frame 0 nathan
frame 1 'fait main'
frame 1 'douze octets devant'
