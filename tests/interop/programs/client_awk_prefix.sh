# Formats its lines with awk and sends them with nc: "name: text", and never a name alone.
printf 'salut le groupe\nrendez-vous a 14h\n' |
  awk -v pseudo=rose '{ print pseudo ": " $0; fflush(); system("sleep 1") }' |
  nc -N "$1" "$2"
