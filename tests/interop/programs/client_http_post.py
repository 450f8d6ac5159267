# A program of the web that posts lines of sheet 004 to the port.
import http.client, sys
c = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=3)
c.request("POST", "/", body="USER pirate\nMSG message force\n", headers={"Content-Type": "text/plain"})
r = c.getresponse()
print(r.status, r.read(300))
sys.exit(0 if r.status >= 200 else 1)
