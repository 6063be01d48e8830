"""A self-care portal for VoIP providers: many tenants, each under its own brand."""
