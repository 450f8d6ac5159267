# LOGIN name, then MSG text, with echo.
exec 5<> /dev/tcp/$1/$2
cat <&5 &
echo "LOGIN tom" >&5; sleep 0.7
echo "MSG y a quelqu'un ?" >&5; sleep 0.7
echo "MSG tant pis" >&5; sleep 0.7
kill $!
