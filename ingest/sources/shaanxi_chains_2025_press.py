"""2025 年 11 月陕西重点产业链群发布会的报道，兼补两份已收报道的数字。"""

from ingest.source import Published

SOURCE = Published("shaanxi-chains-2025-press")
