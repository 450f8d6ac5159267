# json.dumps() straight into sendall(): French keys, accents escaped, no newline.
import json, socket, sys, time

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
for texte in ["bonjour à tous", "ça va ?"]:
    s.sendall(json.dumps({"pseudo": "maël", "message": texte}).encode())
    time.sleep(1)
s.close()
