import HeadwaterClean
import Testing
