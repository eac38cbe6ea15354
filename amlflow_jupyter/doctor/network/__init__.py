"""How hosts are reached from here: names, proxies, certificates."""
