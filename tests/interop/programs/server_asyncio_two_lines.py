# Sheet 001 with asyncio: who speaks stands on a line of its own, the text below it.
import asyncio
import sys

gens = {}


def dire(writer, *lignes):
    if writer.transport.get_write_buffer_size() > 1_000_000:
        writer.transport.abort()
        return
    writer.write("".join(ligne + "\n" for ligne in lignes).encode())


def a_tous(*lignes, sauf=None):
    for nom, writer in list(gens.items()):
        if nom != sauf:
            dire(writer, *lignes)


async def accueil(reader, writer):
    nom = None
    dire(writer, "Bienvenue. Commandes : @pseudo message / @tous message / liste", "Choisissez un pseudo.")
    try:
        while ligne := await reader.readline():
            texte = ligne.decode(errors="replace").rstrip("\r\n")
            if nom is None:
                if not texte or " " in texte or texte in gens:
                    dire(writer, "Non, un autre pseudo.")
                    continue
                nom = texte
                a_tous(f"+ {nom}")
                gens[nom] = writer
                dire(writer, f"Vous etes {nom}.")
            elif texte == "liste":
                dire(writer, *sorted(gens))
            elif texte.startswith("@") and not texte.startswith("@tous "):
                pour, _, message = texte[1:].partition(" ")
                if pour in gens:
                    dire(gens[pour], f"=== {nom}, en prive ===", message)
                    dire(writer, "Transmis.")
                else:
                    dire(writer, "Absent.")
            else:
                a_tous(f"=== {nom} ===", texte.removeprefix("@tous "), sauf=nom)
                dire(writer, "Transmis.")
    except (OSError, ValueError, asyncio.IncompleteReadError):
        pass
    if nom is not None:
        del gens[nom]
        a_tous(f"- {nom}")
    writer.close()


async def main():
    serveur = await asyncio.start_server(accueil, "127.0.0.1", int(sys.argv[1]))
    async with serveur:
        await serveur.serve_forever()


asyncio.run(main())
