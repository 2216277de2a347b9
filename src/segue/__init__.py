"""Segue: a self-hosted talent-engagement platform."""

__version__ = "0.1.0"
