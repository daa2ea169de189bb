"""Kolada: uppgifter hämtas till en daterad fil, och kommunen jämförs med andra ur den filen, utan nätverk."""
