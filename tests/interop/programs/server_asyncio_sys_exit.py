import asyncio, sys, time, socket
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 0 < int(sys.argv[1]) < 65536:
    print("Utilisation : python3 serveur_salon_heure.py PORT", file=sys.stderr); sys.exit(2)
membres = {}
def h(): return time.strftime("[%H:%M:%S] ")
def a_tous(t, sauf=None):
    for n, w in list(membres.items()):
        if n != sauf and w.transport.get_write_buffer_size() < 1 << 20: w.write((t + "\r\n").encode())
AIDE = "Commandes : @pseudo texte | @tous texte | !qui | !aide | !fin"
async def client(r, w):
    nom = None
    try:
        w.write(("*** Salon ***\r\n" + AIDE + "\r\nQuel est votre pseudo ?\r\n").encode())
        while nom is None:
            l = await r.readline()
            if not l: return
            p = l.decode("utf8", "replace").strip().lower().capitalize()
            if not p or " " in p: w.write("Un seul mot, svp.\r\n".encode())
            elif p in membres: w.write(f"{p} est déjà pris. Quel est votre pseudo ?\r\n".encode())
            else: nom = p
        membres[nom] = w
        w.write(f"Enchanté {nom} !\r\n".encode())
        a_tous(f"{h()}>> {nom} entre dans le salon", nom)
        while (l := await r.readline()):
            t = l.decode("utf8", "replace").rstrip("\r\n")
            if t == "!fin": break
            elif t == "!qui": w.write(("Présents : " + " / ".join(membres) + "\r\n").encode())
            elif t == "!aide": w.write((AIDE + "\r\n").encode())
            elif t.startswith("@"):
                d, _, m = t[1:].partition(" ")
                d = d.lower().capitalize()
                if d == "Tous": a_tous(f"{h()}{nom} dit : {m}", nom); w.write("(envoyé)\r\n".encode())
                elif d in membres: membres[d].write(f"{h()}{nom} vous murmure : {m}\r\n".encode()); w.write("(envoyé)\r\n".encode())
                else: w.write(f"{d} n'est pas dans le salon\r\n".encode())
            elif t: a_tous(f"{h()}{nom} dit : {t}", nom); w.write("(envoyé)\r\n".encode())
    except (ConnectionError, ValueError, asyncio.IncompleteReadError): pass
    finally:
        if nom: membres.pop(nom, None); a_tous(f"{h()}<< {nom} sort du salon")
        w.close()
async def console():
    r = asyncio.StreamReader(); lp = asyncio.get_running_loop()
    await lp.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(r), sys.stdin)
    while (l := await r.readline()):
        c, _, x = l.decode().strip().partition(" ")
        if c == "wall": a_tous(h() + "SERVEUR : " + x)
        elif c == "kick" and x.lower().capitalize() in membres:
            v = membres[x.lower().capitalize()]; v.write("Vous êtes expulsé.\r\n".encode()); v.close()
        elif c == "shutdown" and x.isdigit():
            a_tous(f"{h()}SERVEUR : arrêt dans {x} secondes"); asyncio.get_running_loop().call_later(int(x), lambda: asyncio.create_task(fin()))
        else: print("wall texte, kick pseudo, shutdown n", flush=True)
async def fin():
    for v in membres.values(): v.close()
    await asyncio.sleep(0.2); sys.exit(0)
async def main():
    print("Commandes : wall texte, kick pseudo, shutdown n")
    try: s = await asyncio.start_server(client, "", int(sys.argv[1]), limit=1 << 17)
    except OSError as e: print("Port occupé :", e, file=sys.stderr); sys.exit(1)
    print("En écoute : 127.0.0.1:" + sys.argv[1], flush=True)
    t = asyncio.create_task(console())
    async with s: await s.serve_forever()
asyncio.run(main())
