# Writes warnings to its standard error as fast as it can, and never connects.
my $fin = time + 100;
while (time < $fin) { warn "attention, variable non initialisee\n" x 200 }
