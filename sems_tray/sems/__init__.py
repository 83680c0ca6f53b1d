"""The portal: transport, sign-in, both dialects, client."""
