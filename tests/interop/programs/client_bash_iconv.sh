# Lines of text in ISO 8859-15, through iconv, with nc.
{
  sleep 0.5
  for ligne in lea "le café est à 3 euros" "génial"; do
    echo "$ligne" | iconv -f UTF-8 -t ISO-8859-15
    sleep 1
  done
} | nc -N "$1" "$2"
