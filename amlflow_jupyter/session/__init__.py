"""The kernel's (or script's) side of tracking: what is connected, and which run is open."""
