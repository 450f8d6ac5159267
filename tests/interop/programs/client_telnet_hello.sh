# A person at telnet whose first word is hello, and who then talks.
{
  sleep 1
  echo hello
  sleep 1
  echo "bonsoir tout le monde"
  sleep 1
  echo "quelle heure est-il ?"
  sleep 1
} | telnet "$1" "$2"
true
