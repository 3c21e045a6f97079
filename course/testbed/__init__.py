"""Everything alive that a check needs: processes, servers, sockets, Redis."""
