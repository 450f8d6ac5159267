# Talks through /dev/tcp with printf, which writes no newline.
exec 3<>"/dev/tcp/$1/$2"
printf 'marie' >&3
sleep 1
for texte in "bonjour a tous" "qui mange au RU ?" "a demain"; do
  printf '%s' "$texte" >&3
  sleep 1
done
