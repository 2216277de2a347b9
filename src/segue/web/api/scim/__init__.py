"""SCIM 2.0 (RFC 7643, RFC 7644): the employer's directory keeps colleagues' accounts under /scim/v2/."""
