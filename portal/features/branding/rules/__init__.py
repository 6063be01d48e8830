"""`theme` (inputs), `shade` (colour), `palette` (derivation), `stylesheet`, `drawing` (SVG), `source` (theme.toml)."""
