# Sends a file that an editor of another system has saved: byte order mark, CR LF.
fichier=$(mktemp)
printf '\357\273\277chloe\r\nbonjour du bloc-notes\r\n' >"$fichier"
{
  cat "$fichier"
  sleep 1
  printf 'encore une ligne\r\n'
  sleep 1
} | socat - "TCP:$1:$2"
rm -f "$fichier"
