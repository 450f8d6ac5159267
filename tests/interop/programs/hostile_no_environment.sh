# Leaves a copy of sleep behind, in a session of its own, without environment and without parent.
ici=$(dirname "$0")
cp "$(command -v sleep)" "$ici/dormeur"
(env -i setsid "$ici/dormeur" 100 </dev/null >/dev/null 2>&1 &)
exec 3<>"/dev/tcp/$1/$2"
read -r nom
echo "USER $nom" >&3
while read -r texte; do echo "MSG $texte" >&3; done
