"""Theme rules: `theme` (inputs), `shade` (colour arithmetic), `palette` (derivation), `stylesheet`, `drawing` (SVG), `source` (theme.toml)."""
