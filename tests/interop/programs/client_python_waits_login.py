# Sends its name only when the server has asked with the word "login:", and nothing else.
import socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3)
question = s.recv(1000)
if question.strip() != b"login:":
    sys.exit("pas compris : %r" % question)
s.send(b"jade\n")
time.sleep(0.7)
s.send(b"enfin\n")
time.sleep(0.7)
