# Sheet 004 from a script: all lines in one write, and the connection is closed at once.
exec 6<>"/dev/tcp/$1/$2"
printf 'USER max\nMSG message du script\nMSG et voila\n' >&6
exec 6>&-
