// Hocuspocus with its defaults, on the port that is named.
import { Server } from "@hocuspocus/server";

Server.configure({ port: Number(process.argv[2]), address: "127.0.0.1", quiet: true }).listen();
